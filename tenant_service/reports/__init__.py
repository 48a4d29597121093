"""报送成果 (reports): what members and the office work out, from the draft to what became of it higher up."""
