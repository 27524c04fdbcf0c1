"""An autograder for Gradescope: the zip to upload, and what runs in Gradescope's container."""
