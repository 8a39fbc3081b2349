"""Homeward: did this intervention help, and what would happen if?

Data comes in at one door (`analysis.sources`), is checked there once, and flows one way:
source, store, panel, model, effects, then picture, table, words and page.
"""
