/** The commands that look at disks and images, and run no session. */
package org.imgblstr.cli.master.command;
