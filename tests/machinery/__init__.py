"""The worker, killed and started again; what is lost, late, dead or poisonous."""
