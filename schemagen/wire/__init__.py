"""Every type's form on the wire: strict decoding with the path of each mistake, strict encoding."""
