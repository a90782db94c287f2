/**
 * What the reader of a file system needs and gives: a volume's bytes, checksums, the map of used bytes. Swap, and what partclone reads, is read here;
 * each family that this program reads itself is a package below. Never a wrong skip: a reader validates before it trusts, and says in one
 * line when it is not sure; then every byte counts as used. Writes nothing; knows no network. Specification: docs/used-blocks.md.
 */
package org.imgblstr.disk.filesystem;
