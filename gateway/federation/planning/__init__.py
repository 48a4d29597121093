"""From a document and its variables to the documents that committees are asked."""
