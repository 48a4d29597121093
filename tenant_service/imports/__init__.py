"""导入: lists that people keep in spreadsheets come in, previewed row by row, and can be taken back."""
