"""The words around a letter in the language of its reader, and how dates are written there."""
