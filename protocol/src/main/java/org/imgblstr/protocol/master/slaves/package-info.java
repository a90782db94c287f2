/**
 * What the master knows of each slave, from what that slave has sent. Decides nothing and sends nothing. Specification: docs/protocol.md,
 * sections 3.6 and 5.
 */
package org.imgblstr.protocol.master.slaves;
