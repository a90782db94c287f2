/**
 * Who takes part in a session: joining, silence, leaving, and what becomes of a slave that does not keep up. Must not know what is sent next.
 * Specification: docs/protocol.md, sections 5 and 6.
 */
package org.imgblstr.protocol.master.membership;
