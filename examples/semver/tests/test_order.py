import unittest

from semver import Version

# The example of the specification, §11.
ASCENDING = (
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "2.0.0",
    "2.1.0",
    "2.1.1",
)


class OrderTest(unittest.TestCase):
    def test_follows_the_specification(self):
        versions = [Version.parse(text) for text in ASCENDING]
        self.assertEqual(versions, sorted(reversed(versions)))

    def test_build_does_not_count(self):
        one, other = Version.parse("1.0.0+a"), Version.parse("1.0.0+b")
        self.assertEqual(one, other)
        self.assertEqual(1, len({one, other}))

    def test_release_comes_after_its_prerelease(self):
        self.assertGreater(Version.parse("1.0.0"), Version.parse("1.0.0-rc.9"))
