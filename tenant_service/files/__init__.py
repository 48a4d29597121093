"""附件 (files): what is attached to a record, kept at home by its digest, and handed out as its room decides."""
