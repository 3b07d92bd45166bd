<?php
namespace OmsBridge;

/** What a resource answers: data, the next cursor, and anything it adds to meta. */
class Answer
{
    public $data;
    public $next;
    public $meta;

    public function __construct($data, $next = null, $meta = array())
    {
        $this->data = $data;
        $this->next = $next;
        $this->meta = $meta;
    }
}
