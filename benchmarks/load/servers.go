package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/depeche-events/depeche/client"
)

// servers are the processes under load.
type servers struct {
	folder    string // of the binary, where it was built
	processes []*exec.Cmd
	addresses []string
}

// startServers builds the program unless it is given, starts it and waits until
// it answers.
func startServers(ctx context.Context, o options) (_ *servers, err error) {
	s := &servers{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	program := o.Program
	if program == "" {
		if s.folder, err = os.MkdirTemp("", "depeche-load"); err != nil {
			return s, err
		}
		program = filepath.Join(s.folder, "depeche")
		build := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/depeche")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return s, fmt.Errorf("build ./cmd/depeche: %w", err)
		}
	}
	for range o.Servers {
		address, err := freeAddress()
		if err != nil {
			return s, err
		}
		process := o.command(context.WithoutCancel(ctx), o.Procs, program, append(arguments(o), "--listen="+address)...)
		if err := process.Start(); err != nil {
			return s, err
		}
		s.processes = append(s.processes, process)
		s.addresses = append(s.addresses, address)
	}
	return s, s.await(ctx, o)
}

// startBound is how long a server may take to load what it knows.
const startBound = time.Minute

func (s *servers) await(ctx context.Context, o options) error {
	ctx, cancel := context.WithTimeout(ctx, startBound)
	defer cancel()
	for _, address := range s.addresses {
		c, err := dial(address, o, client.WithDialOptions(grpc.WithDefaultCallOptions(grpc.WaitForReady(true))))
		if err != nil {
			return err
		}
		_, err = c.DescribeEngine(ctx)
		if err = errors.Join(err, c.Close()); err != nil {
			return fmt.Errorf("server at %s: %w", address, err)
		}
	}
	return nil
}

func (s *servers) dial(o options) (*client.Client, error) { return dial(target(s.addresses), o) }

func dial(target string, o options, options ...client.Option) (*client.Client, error) {
	security := client.WithInsecure()
	if o.CA != "" {
		trusted, err := credentials.NewClientTLSFromFile(o.CA, "")
		if err != nil {
			return nil, err
		}
		security = client.WithTransportCredentials(trusted)
	}
	return client.Dial(target, append(options, security)...)
}

// stop drains the servers, and reports those that did not end well.
func (s *servers) stop() error {
	var faults []error
	for i, process := range s.processes {
		if err := process.Process.Signal(syscall.SIGTERM); err != nil {
			faults = append(faults, err)
		}
		if err := process.Wait(); err != nil {
			faults = append(faults, fmt.Errorf("server at %s: %w", s.addresses[i], err))
		}
	}
	if s.folder != "" {
		faults = append(faults, os.RemoveAll(s.folder))
	}
	return errors.Join(faults...)
}

// usage is what the servers have used so far.
type usage struct {
	cpu      time.Duration
	resident int64 // bytes
}

// clockTick is the kernel's unit of CPU time in /proc, which Linux fixes for
// programs.
const clockTick = 10 * time.Millisecond

func (s *servers) usage() (sum usage, err error) {
	for _, process := range s.processes {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process.Process.Pid))
		if err != nil {
			return sum, err
		}
		// The name before it may hold anything; what follows is fields by number.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		const user, system, resident = 11, 12, 21 // utime, stime and rss, less the first two fields
		number := func(i int) int64 {
			n, parseErr := strconv.ParseInt(string(fields[i]), 10, 64)
			err = errors.Join(err, parseErr)
			return n
		}
		sum.cpu += time.Duration(number(user)+number(system)) * clockTick
		sum.resident += number(resident) * int64(os.Getpagesize())
		if err != nil {
			return sum, fmt.Errorf("server's usage: %w", err)
		}
	}
	return sum, nil
}

// ownCPU is what this process has used so far.
func ownCPU() time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		panic(err) // it cannot fail for oneself
	}
	return time.Duration(own.Utime.Nano() + own.Stime.Nano())
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
