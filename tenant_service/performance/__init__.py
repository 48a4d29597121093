"""履职 (performance): what members are credited with, deed by deed, at their home. It imports no other room."""
