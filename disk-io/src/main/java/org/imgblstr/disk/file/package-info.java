/**
 * Regular files that this program writes: made under a name of their own, read back, synced, and then given their name; what dead runs left
 * behind. The one way to write a file, for images and exports alike. Specification: docs/architecture.md, section 5.
 */
package org.imgblstr.disk.file;
