"""The tracker as a server of the Model Context Protocol (MCP): tools for assistants, read-only.

Nothing but `endpoint` may be imported before somebody calls it: the package `mcp` takes 30 MB of memory.
"""
