"""Reports of what is wrong, and requests about a listing."""
