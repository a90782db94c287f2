/**
 * What master and slaves share before a session: join codes and key files. Knows no disk: whoever reads a key file hands its bytes in, and checks
 * who else can read the file. Specification: docs/security.md, section 3.
 */
package org.imgblstr.sealing.secret;
