"""交换状态: how complete everything is that travels, both ways, and what people do where it is not."""
