package server

import (
	"slices"
	"sync"
)

// unaryTurns is how many turns in a row go to unary calls, where somebody waits,
// before a stream has one. When both press, calls have three quarters of the
// workers and all streams together one.
const unaryTurns = 3

// pool is the one set of workers of the process. Unary calls wait in one
// bounded queue; each bulk stream waits in a lane of its own, bounded by what
// the stream may have in flight, and the lanes have their turns round robin, so
// that a long stream holds up neither the calls nor the other streams.
type pool struct {
	mu   sync.Mutex
	work sync.Cond // there is a job, or the pool is closed

	calls     []*job // unary calls that wait, oldest first
	callBytes int64
	maxCalls  int
	maxBytes  int64
	lanes     []*lane // lanes in which a job waits and may start, next one first
	unaryRun  int     // unary jobs started since a stream last had its turn

	running int
	closed  bool
	workers sync.WaitGroup
}

// job is one article's work. run must not panic.
type job struct {
	run   func()
	bytes int64
}

// lane is one stream's queue.
type lane struct {
	pool *pool
	jobs []*job
	held bool // no job is started
}

// newPool makes a pool whose queue of unary calls is bounded by count and by
// bytes. It does nothing until start.
func newPool(maxCalls int, maxBytes int64) *pool {
	p := &pool{maxCalls: maxCalls, maxBytes: maxBytes}
	p.work.L = &p.mu
	return p
}

// start sets n workers to work.
func (p *pool) start(n int) {
	for range n {
		p.workers.Go(p.serve)
	}
}

// close lets the workers end what they run and returns when they have. What
// waits is dropped: by then no call or stream is left to take its answer.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.work.Broadcast()
	p.mu.Unlock()
	p.workers.Wait()
}

// offer queues a unary call's job, or reports that there is no room. A call
// that finds the queue empty is always taken, however long its article.
func (p *pool) offer(j *job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.calls) >= p.maxCalls || len(p.calls) > 0 && p.callBytes+j.bytes > p.maxBytes {
		return false
	}
	p.calls = append(p.calls, j)
	p.callBytes += j.bytes
	p.work.Signal()
	return true
}

// withdraw takes back a job whose caller has gone, so that it holds no place in
// the queue. It does nothing if the job has been started.
func (p *pool) withdraw(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.calls, j); i >= 0 {
		p.calls = slices.Delete(p.calls, i, i+1)
		p.callBytes -= j.bytes
	}
}

// newLane makes the queue of one stream.
func (p *pool) newLane() *lane { return &lane{pool: p} }

// add queues a job of the stream.
func (l *lane) add(j *job) {
	p := l.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	l.jobs = append(l.jobs, j)
	if len(l.jobs) == 1 && !l.held {
		p.lanes = append(p.lanes, l)
	}
	p.work.Signal()
}

// hold keeps the lane's jobs from being started, until it is called with false.
func (l *lane) hold(held bool) {
	p := l.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case held == l.held:
		return
	case held:
		l.leave()
	case len(l.jobs) > 0:
		p.lanes = append(p.lanes, l)
		p.work.Broadcast() // several jobs may start
	}
	l.held = held
}

// leave takes the lane out of the round; p.mu is held.
func (l *lane) leave() {
	if i := slices.Index(l.pool.lanes, l); i >= 0 {
		l.pool.lanes = slices.Delete(l.pool.lanes, i, i+1)
	}
}

// drop forgets the jobs of a stream that has ended.
func (l *lane) drop() {
	p := l.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	l.jobs = nil
	l.leave()
}

// serve runs jobs until the pool is closed.
func (p *pool) serve() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		j := p.next()
		for j == nil {
			if p.closed {
				return
			}
			p.work.Wait()
			j = p.next()
		}
		p.running++
		p.mu.Unlock()
		j.run()
		p.mu.Lock()
		p.running--
	}
}

// next takes the job whose turn it is; nil if none waits or the pool is closed.
func (p *pool) next() *job {
	switch {
	case p.closed:
		return nil
	case len(p.calls) > 0 && (len(p.lanes) == 0 || p.unaryRun < unaryTurns):
		j := popFront(&p.calls)
		p.callBytes -= j.bytes
		p.unaryRun++
		return j
	case len(p.lanes) > 0:
		l := popFront(&p.lanes)
		j := popFront(&l.jobs)
		if len(l.jobs) > 0 {
			p.lanes = append(p.lanes, l)
		}
		p.unaryRun = 0
		return j
	default:
		return nil
	}
}

// load is what the pool has to do at one moment.
type load struct {
	running, calls, articles int
}

func (p *pool) load() load {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := load{running: p.running, calls: len(p.calls)}
	for _, l := range p.lanes {
		now.articles += len(l.jobs)
	}
	return now
}

// popFront takes the first of a queue that is not empty. The freed slots at the
// front are given back when append next moves the slice.
func popFront[T any](queue *[]*T) *T {
	first := (*queue)[0]
	(*queue)[0] = nil
	*queue = (*queue)[1:]
	return first
}
