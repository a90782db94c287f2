/**
 * Which bytes of a volume a file system uses, so that free space is neither read nor sent. Each reader follows its on-disk
 * specification, validates before it trusts, and says so in one line when it is not sure: then every byte counts as used. Never a wrong
 * skip. Writes nothing; knows no tracks on the wire and no network. Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem;
