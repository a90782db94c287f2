/**
 * What the machine does that a program runs on, so that the program gives way to others; and what this process may do in it: programs that it starts, and
 * rights that it gives up. Knows no disk and no network. Specification: proc(5); docs/security.md, section 11.
 */
package org.imgblstr.disk.machine;
