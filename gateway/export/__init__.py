"""导出: any list of the API, and statistics, as a file that a spreadsheet opens; made from the joint schema."""
