import unittest

from semver import Version


class BumpTest(unittest.TestCase):
    def assert_bumps(self, part, before, after):
        self.assertEqual(after, str(Version.parse(before).bump(part)))

    def test_major(self):
        self.assert_bumps("major", "1.2.3", "2.0.0")

    def test_minor(self):
        self.assert_bumps("minor", "1.2.3", "1.3.0")

    def test_patch(self):
        self.assert_bumps("patch", "1.2.3", "1.2.4")

    def test_prerelease_is_finished_first(self):
        self.assert_bumps("patch", "1.2.3-rc.1", "1.2.3")
        self.assert_bumps("minor", "1.3.0-rc.1", "1.3.0")
        self.assert_bumps("major", "2.0.0-rc.1", "2.0.0")

    def test_unknown_part(self):
        with self.assertRaisesRegex(ValueError, "major, minor, patch"):
            Version.parse("1.0.0").bump("huge")

    @unittest.skip("the specification leaves it open")
    def test_build(self):
        self.assert_bumps("patch", "1.0.0+1", "1.0.1+2")
