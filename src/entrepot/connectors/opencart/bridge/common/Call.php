<?php
namespace OmsBridge;

/** One HTTP request as it was sent, not as the shop has cleaned it. */
class Call
{
    public $method;
    public $target;
    public $query = array();
    public $server;
    public $body = '';
    private $decoded = null;

    public function __construct($server)
    {
        $this->server = $server;
        $this->method = strtoupper($this->server('REQUEST_METHOD', 'GET'));
        $this->target = $this->sentTarget();
        $mark = strpos($this->target, '?');
        if ($mark !== false) {
            // Parameters come from the signed target itself, so nothing unsigned can reach a resource.
            parse_str(substr($this->target, $mark + 1), $this->query);
        }
    }

    public function server($name, $default = null)
    {
        return isset($this->server[$name]) ? $this->server[$name] : $default;
    }

    private function sentTarget()
    {
        $uri = $this->server('REQUEST_URI');
        if ($uri === null || $uri === '') {
            $uri = $this->server('SCRIPT_NAME', '/index.php') . '?' . $this->server('QUERY_STRING', '');
        }
        // A proxy may pass the absolute form; the signature covers path and query.
        return preg_replace('~^https?://[^/?]*~i', '', $uri);
    }

    public function resource()
    {
        return $this->text('resource', '');
    }

    public function text($name, $default)
    {
        if (!isset($this->query[$name])) {
            return $default;
        }
        if (!is_string($this->query[$name])) {
            throw Refusal::badRequest($name, 'The parameter must be given once.');
        }
        return $this->query[$name];
    }

    public function number($name, $default, $least, $most)
    {
        $text = $this->text($name, (string)$default);
        if (!preg_match('/^\d{1,10}$/', $text) || (int)$text < $least || (int)$text > $most) {
            throw Refusal::badRequest($name, 'The parameter must be a whole number from ' . $least . ' to ' . $most . '.');
        }
        return (int)$text;
    }

    /** The ids parameter as a list in ascending order, or null when it is absent. */
    public function ids($most)
    {
        $text = $this->text('ids', null);
        if ($text === null) {
            return null;
        }
        if (!preg_match('/^\d{1,10}(,\d{1,10})*$/', $text)) {
            throw Refusal::badRequest('ids', 'The parameter must be whole numbers separated by commas.');
        }
        $ids = array_unique(array_map('intval', explode(',', $text)));
        if (count($ids) > $most) {
            throw Refusal::badRequest('ids', 'At most ' . $most . ' ids can be asked for at once.');
        }
        sort($ids);
        return $ids;
    }

    /** The JSON object of a write. */
    public function json()
    {
        if ($this->decoded === null) {
            $decoded = json_decode($this->body, true, 64);
            if (!is_array($decoded) || substr(ltrim($this->body), 0, 1) !== '{') {
                throw Refusal::badRequest('body', 'The body must be a JSON object.');
            }
            $this->decoded = $decoded;
        }
        return $this->decoded;
    }
}
