"""The evidence about a bundle as one page, from one run over the images it is measured on."""
