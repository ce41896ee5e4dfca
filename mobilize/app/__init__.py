"""The browser front end: it shows and takes orders; it computes no rule."""
