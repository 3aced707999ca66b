import unittest

from semver import Version


class ParseTest(unittest.TestCase):
    def test_reads_all_parts(self):
        version = Version.parse("1.2.3-rc.1+linux")
        self.assertEqual((1, 2, 3), (version.major, version.minor, version.patch))
        self.assertEqual(("rc", "1"), version.prerelease)
        self.assertEqual("linux", version.build)

    def test_writes_what_it_read(self):
        for text in ("0.0.4", "1.2.3", "1.0.0-alpha.beta", "2.0.0+build.1", "1.1.2-rc.1+meta"):
            with self.subTest(text=text):
                self.assertEqual(text, str(Version.parse(text)))

    def test_refuses_what_is_none(self):
        for text in ("", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "v1.2.3"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                Version.parse(text)
