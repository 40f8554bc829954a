-- One batch of operations on records and counters, atomic as a whole. ARGV holds the operations one after another, each a
-- letter and its arguments; the reply has one element for each. All keys begin with the place, which is one hash tag.
--   <kind>:records  hash    key -> encoded record          <kind>:order  sorted set  key by number of first writing
--   <kind>:until    sorted set  key by end                 <kind>:taken  set         keys that were consumed
--   meta            hash    kind -> last number            counters, counters:old  hash  name -> value
--   furnished       string  digest of what it began with
local LIFE = 604800 -- seconds of real time without any server: only what nobody closes ends so
local CHUNK = 1000

local function kept(key)
  redis.call('EXPIRE', key, LIFE, 'NX')
end

local function tables(place, kind)
  local base = place .. kind
  return base .. ':records', base .. ':order', base .. ':until', base .. ':taken'
end

local function drop(place, kind, keys)
  local records, order, ends, taken = tables(place, kind)
  for from = 1, #keys, CHUNK do
    local to = math.min(from + CHUNK - 1, #keys)
    redis.call('HDEL', records, unpack(keys, from, to))
    redis.call('ZREM', order, unpack(keys, from, to))
    redis.call('ZREM', ends, unpack(keys, from, to))
    redis.call('SREM', taken, unpack(keys, from, to))
  end
end

local function forget(place, kind, limit, now)
  local _, order, ends = tables(place, kind)
  local dead = redis.call('ZRANGEBYSCORE', ends, '-inf', '(' .. now)
  drop(place, kind, dead)
  local more = math.max(math.floor(limit / 10), 1) - #dead
  if more > 0 then
    drop(place, kind, redis.call('ZRANGE', order, 0, more - 1))
  end
end

local function put(place, kind, key, record, ends_at, limit, now)
  local records, order, ends = tables(place, kind)
  local new = redis.call('HSET', records, key, record) == 1
  if new then
    redis.call('ZADD', order, redis.call('HINCRBY', place .. 'meta', kind, 1), key)
    kept(records)
    kept(order)
    kept(place .. 'meta')
  end
  if ends_at ~= '' then
    redis.call('ZADD', ends, ends_at, key)
    kept(ends)
  elseif not new then
    redis.call('ZREM', ends, key)
  end
  if new and redis.call('HLEN', records) > tonumber(limit) then
    forget(place, kind, tonumber(limit), now)
  end
  return 1
end

local function take(place, kind, key)
  local records, _, _, taken = tables(place, kind)
  local record = redis.call('HGET', records, key)
  if not record then
    return false
  end
  local first = redis.call('SADD', taken, key)
  kept(taken)
  return { record, first }
end

local function every(place, kind)
  local records, order = tables(place, kind)
  local keys, found = redis.call('ZRANGE', order, 0, -1), {}
  for from = 1, #keys, CHUNK do
    local part = redis.call('HMGET', records, unpack(keys, from, math.min(from + CHUNK - 1, #keys)))
    for index = 1, #part do
      found[#found + 1] = part[index]
    end
  end
  return found
end

-- Counters are in two generations: one that was not asked for while the younger filled up goes with the older.
local function count(place, name, limit)
  local young, old = place .. 'counters', place .. 'counters:old'
  local value = redis.call('HINCRBY', young, name, 1)
  if value > 1 then
    return value
  end
  local before = redis.call('HGET', old, name)
  if before then
    value = redis.call('HINCRBY', young, name, before)
    redis.call('HDEL', old, name)
  end
  kept(young)
  if redis.call('HLEN', young) >= 5 * tonumber(limit) then
    redis.call('RENAME', young, old)
  end
  return value
end

-- What a place begins with: kind, key and record of each, unless these very ones were written already.
local function furnish(place, mark, many, limit, now, at)
  if redis.call('GET', place .. 'furnished') == mark then
    return 0
  end
  for from = at, at + 3 * many - 1, 3 do
    put(place, ARGV[from], ARGV[from + 1], ARGV[from + 2], '', limit, now)
  end
  redis.call('SET', place .. 'furnished', mark, 'EX', LIFE)
  return 1
end

local function all_keys(place)
  local keys = { place .. 'meta', place .. 'furnished', place .. 'counters', place .. 'counters:old' }
  for _, kind in ipairs(redis.call('HKEYS', place .. 'meta')) do
    for _, key in ipairs({ tables(place, kind) }) do
      keys[#keys + 1] = key
    end
  end
  return keys
end

local function clear(place)
  redis.call('UNLINK', unpack(all_keys(place)))
  return 1
end

local function renew(place)
  for _, key in ipairs(all_keys(place)) do
    redis.call('EXPIRE', key, LIFE)
  end
  return 1
end

local replies, at = {}, 1
while at <= #ARGV do
  local letter, place = ARGV[at], ARGV[at + 1]
  local reply, size
  if letter == 'c' then
    reply, size = count(place, ARGV[at + 2], ARGV[at + 3]), 4
  elseif letter == 'g' then
    reply, size = redis.call('HGET', place .. ARGV[at + 2] .. ':records', ARGV[at + 3]), 4
  elseif letter == 'p' then
    reply = put(place, ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], ARGV[at + 6], ARGV[at + 7])
    size = 8
  elseif letter == 't' then
    reply, size = take(place, ARGV[at + 2], ARGV[at + 3]), 4
  elseif letter == 'd' then
    drop(place, ARGV[at + 2], { ARGV[at + 3] })
    reply, size = 1, 4
  elseif letter == 'e' then
    reply, size = every(place, ARGV[at + 2]), 3
  elseif letter == 'f' then
    local many = tonumber(ARGV[at + 3])
    reply, size = furnish(place, ARGV[at + 2], many, ARGV[at + 4], ARGV[at + 5], at + 6), 6 + 3 * many
  elseif letter == 'x' then
    reply, size = clear(place), 2
  elseif letter == 'r' then
    reply, size = renew(place), 2
  else
    return redis.error_reply('ERR unknown operation ' .. letter)
  end
  replies[#replies + 1] = reply
  at = at + size
end
return replies
