-- What wrk sends: wrk ... -s wrk.lua URL -- BODY [-H HEADER]... [PATHS]. The body is a file; PATHS, a file of lines "weight path", spreads
-- the requests over several paths by weight. The last line that it prints is JSON.

local requests = {}
local sums = {}

local function read(name)
  local file = assert(io.open(name, "rb"))
  local content = file:read("*a")
  file:close()
  return content
end

function init(arguments)
  wrk.method = "POST"
  wrk.body = read(arguments[1])
  wrk.headers["Content-Type"] = "application/json"
  local at = 2
  while arguments[at] == "-H" do
    local name, value = arguments[at + 1]:match("^([^:]+): *(.*)$")
    wrk.headers[name] = value
    at = at + 2
  end
  if arguments[at] then
    local sum = 0
    for line in io.lines(arguments[at]) do
      local weight, path = line:match("^(%S+) (%S+)$")
      sum = sum + tonumber(weight)
      table.insert(sums, sum)
      table.insert(requests, wrk.format(nil, path))
    end
    math.randomseed(7)
  else
    requests[1] = wrk.format()
  end
end

function request()
  if #requests == 1 then
    return requests[1]
  end
  local drawn = math.random() * sums[#sums]
  local low, high = 1, #sums
  while low < high do
    local middle = math.floor((low + high) / 2)
    if sums[middle] < drawn then
      low = middle + 1
    else
      high = middle
    end
  end
  return requests[low]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50": %.4f, "p99": %.4f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
