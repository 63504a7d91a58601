"""The demonstration: a made-up year of a real city's structure, played through the same verbs that users call.

Nothing here is imported by the product. Every figure is an example and is marked 示例数据.
"""
