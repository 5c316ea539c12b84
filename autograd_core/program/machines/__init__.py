"""Machines: what runs a Program."""
