"""发布 (posts): threads, lectures, library, notices and rules, what members say to them, and what became of them."""
