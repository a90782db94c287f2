/**
 * What slaves asked for, and which of it is sent next. Specification: docs/protocol.md, section 5.
 */
package org.imgblstr.protocol.master.resend;
