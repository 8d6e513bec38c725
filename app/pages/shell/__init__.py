"""What every page is made with and guarded by: doors, forms, headers, limits, rendering, errors."""
