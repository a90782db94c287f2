/**
 * What the machine does that a program runs on, so that the program gives way to others. Knows no disk and no network. Specification: proc(5).
 */
package org.imgblstr.disk.machine;
