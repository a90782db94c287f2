/**
 * How fast the master sends, and which slaves the pass waits for. Must not know which track is sent next. Specification: docs/protocol.md,
 * section 5.
 */
package org.imgblstr.protocol.master.flow;
