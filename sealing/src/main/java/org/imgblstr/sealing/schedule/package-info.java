/**
 * From a secret and an exchange of keys to the keys of a session: pure functions, which know no datagram. Specification: docs/security.md,
 * sections 4, 5 and 7. lab/handshake.py computes the same in Python.
 */
package org.imgblstr.sealing.schedule;
