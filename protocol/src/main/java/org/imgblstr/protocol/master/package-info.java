/**
 * The master's engine: the states of FIG. 3 of US 6,144,992, and what is due in each of them. The rooms below it know one part each: tracks,
 * slaves, sending, membership, flow, resend; none of them knows the state. Does no I/O and reads no clock. Specification: docs/protocol.md.
 */
package org.imgblstr.protocol.master;
