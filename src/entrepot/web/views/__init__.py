"""Screens: ask `queries`, call `services`, show a template. No rules."""
