"""What calls take, checked once: options and seeds, the inputs of a module, tables and data sets."""
