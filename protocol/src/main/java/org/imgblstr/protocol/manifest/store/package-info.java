/**
 * Where a master keeps the digests of older tracks: a file without a name. Must not know what digests are for. Specification: docs/security.md,
 * section 7.
 */
package org.imgblstr.protocol.manifest.store;
