/**
 * The tracks of a session as its master knows them: which kind each turned out to be, its checksum, and where its bytes are. Must not know
 * slaves or datagrams. Specification: docs/protocol.md, section 4.
 */
package org.imgblstr.protocol.master.tracks;
