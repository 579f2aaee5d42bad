"""The evidence about a bundle as one page, drawn from one run over the images that it is measured on."""
