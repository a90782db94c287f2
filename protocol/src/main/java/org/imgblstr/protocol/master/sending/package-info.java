/**
 * What leaves the master: tracks cut into symbols, and its control commands. Must not know why something is sent. Specification:
 * docs/protocol.md, sections 3 and 5.
 */
package org.imgblstr.protocol.master.sending;
