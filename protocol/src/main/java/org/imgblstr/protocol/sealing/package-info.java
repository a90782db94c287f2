/**
 * Sealed datagrams: encrypts and opens them where they lie in a buffer, keeps replays out, and counts what it drops. Knows no socket, no clock and
 * no engine. Specification: docs/security.md, section 6.
 */
package org.imgblstr.protocol.sealing;
