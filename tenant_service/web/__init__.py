"""The committee's site: who visits, forms, the home page. The rooms hang their own pages in it."""
