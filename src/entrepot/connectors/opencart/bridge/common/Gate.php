<?php
namespace OmsBridge;

/** Lets a request in or refuses it; the order of the checks is the protocol's. */
class Gate
{
    const WINDOW = 300;
    const MAX_BODY = 4194304;
    const PER_MINUTE = 1200;

    private $db;
    private $settings;
    private $clock;
    /** True once the request has proved that it knows the secret and is fresh. */
    public $trusted = false;

    public function __construct(Db $db, Settings $settings, Clock $clock)
    {
        $this->db = $db;
        $this->settings = $settings;
        $this->clock = $clock;
    }

    public function admit(Call $call)
    {
        $secret = (string)$this->settings->get('secret', '');
        if ($this->settings->get('enabled') !== '1' || $secret === '') {
            throw new Refusal(403, 'disabled', 'The extension is installed but switched off.');
        }
        $timestamp = $this->header($call, 'X-Oms-Timestamp', '/^\d{1,12}$/D');
        $nonce = $this->header($call, 'X-Oms-Nonce', '/^[A-Za-z0-9_-]{16,64}$/D');
        $signature = $this->header($call, 'X-Oms-Signature', '/^v1=[0-9a-f]{64}$/D');
        $call->body = $this->body($call);
        $expected = Signature::of($secret, $call->method, $call->target, $timestamp, $nonce, $call->body);
        if (!hash_equals($expected, $signature)) {
            throw new Refusal(401, 'bad_signature', 'The signature does not match this request.', array('target' => $call->target));
        }
        $now = $this->clock->now();
        if (abs($now - (int)$timestamp) > self::WINDOW) {
            throw new Refusal(401, 'clock_skew', 'The timestamp is too far from the clock of the shop.', array('shop_time' => $now));
        }
        $this->claim($nonce, $now);
        $this->trusted = true;
        $this->pace($nonce, $now);
    }

    public function maxBody()
    {
        $limit = $this->settings->number('max_body', self::MAX_BODY);
        $post = self::bytes(ini_get('post_max_size'));
        return $post > 0 ? min($limit, $post) : $limit;
    }

    public function perMinute()
    {
        return $this->settings->number('requests_per_minute', self::PER_MINUTE);
    }

    private function header(Call $call, $name, $pattern)
    {
        $value = $call->server('HTTP_' . strtoupper(str_replace('-', '_', $name)));
        if ($value === null || $value === '') {
            throw new Refusal(401, 'unsigned', 'The header ' . $name . ' is missing.');
        }
        if (!preg_match($pattern, $value)) {
            throw Refusal::badRequest($name, 'The header is malformed.');
        }
        return $value;
    }

    /**
     * The raw body, at most one byte more than is allowed.
     *
     * PHP drops a body over post_max_size in silence, which would look like a wrong signature; so the declared length is asked first.
     */
    private function body(Call $call)
    {
        $limit = $this->maxBody();
        $body = '';
        if ((int)$call->server('CONTENT_LENGTH', 0) <= $limit) {
            $body = (string)file_get_contents('php://input', false, null, 0, $limit + 1);
        }
        if ((int)$call->server('CONTENT_LENGTH', 0) > $limit || strlen($body) > $limit) {
            throw new Refusal(413, 'too_large', 'The body is larger than this shop accepts.', array('limit' => $limit));
        }
        return $body;
    }

    private function claim($nonce, $now)
    {
        $table = $this->db->table('oms_bridge_nonce');
        if (mt_rand(1, 50) === 1) {
            // A timestamp may lie one window ahead, so a nonce is forgotten after two.
            $this->db->run('DELETE FROM ' . $table . ' WHERE `seen` < ' . ($now - 2 * self::WINDOW - 60));
        }
        $fresh = $this->db->run('INSERT IGNORE INTO ' . $table . ' (`nonce`, `seen`, `counted`) VALUES ('
            . $this->db->quote($nonce) . ', ' . (int)$now . ', 1)');
        if ($fresh !== 1) {
            throw new Refusal(401, 'replayed', 'This request has been seen before.');
        }
    }

    /** A sliding minute over admitted requests; a refused one does not prolong the wait. */
    private function pace($nonce, $now)
    {
        $table = $this->db->table('oms_bridge_nonce');
        $limit = $this->perMinute();
        $row = $this->db->row('SELECT COUNT(*) AS n, MIN(`seen`) AS oldest FROM ' . $table
            . ' WHERE `counted` = 1 AND `seen` > ' . ($now - 60));
        if ((int)$row['n'] > $limit) {
            $this->db->run('UPDATE ' . $table . ' SET `counted` = 0 WHERE `nonce` = ' . $this->db->quote($nonce));
            $wait = max(1, (int)$row['oldest'] + 60 - $now);
            throw new Refusal(429, 'rate_limited', 'Too many requests in one minute.', array('limit' => $limit), array('Retry-After: ' . $wait));
        }
    }

    private static function bytes($ini)
    {
        $units = array('k' => 1024, 'm' => 1048576, 'g' => 1073741824);
        $unit = strtolower(substr(trim($ini), -1));
        return (int)$ini * (isset($units[$unit]) ? $units[$unit] : 1);
    }
}
