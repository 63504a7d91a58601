"""Kill or stop the processes of a running installation, or fill its disk, while people use every verb of the product.

``verbs`` lists the verbs that the source has, ``rooms`` holds their writers and what stands of each afterwards, ``city``
prepares the folder, ``running`` serves, kills and compares. Run it with ``python -m bench.kills``.
"""
