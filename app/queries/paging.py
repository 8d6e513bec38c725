"""Lists come a page at a time."""

PAGE = 50


def cut(total: int, page: int, most: int = PAGE) -> tuple[int, int, int]:
    """The page that there is, how many there are, and where it starts. most: of one page."""
    pages = max(1, -(-total // most))
    page = min(max(page, 1), pages)
    return page, pages, (page - 1) * most
