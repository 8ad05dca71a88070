"""The part of the SDK that is the same for every backend."""
